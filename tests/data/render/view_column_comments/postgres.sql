COMMENT ON COLUMN "adults"."email" IS 'Where to write';
