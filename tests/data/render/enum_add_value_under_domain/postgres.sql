ALTER TYPE "mood" ADD VALUE 'ecstatic';
-- can't undo alter values of enum mood: no value of it goes while domain good_mood stands on it; write a down
