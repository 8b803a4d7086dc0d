ALTER VIEW "adults" ALTER COLUMN "email" SET DEFAULT 'it''s nobody';
