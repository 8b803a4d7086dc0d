CREATE COLLATION IF NOT EXISTS "austrian" (provider = 'icu', locale = 'de-AT');
