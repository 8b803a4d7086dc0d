ALTER TYPE "mood" ADD VALUE 'ecstatic';
-- can't undo alter values of enum mood: no value of it goes while function word_of(mood) stands on it; write a down
