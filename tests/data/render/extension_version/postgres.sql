ALTER EXTENSION "citext" UPDATE TO '1.6';
-- can't undo alter version of extension citext: an extension has no way back to an older version; write a down
