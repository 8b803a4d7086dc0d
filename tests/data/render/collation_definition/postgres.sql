DROP COLLATION "german";
CREATE COLLATION "german" (provider = 'icu', locale = 'de-CH');
