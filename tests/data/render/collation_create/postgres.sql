CREATE COLLATION "german" (provider = 'icu', locale = 'de-u-co-phonebk');
COMMENT ON COLLATION "german" IS 'As in a phone book';
