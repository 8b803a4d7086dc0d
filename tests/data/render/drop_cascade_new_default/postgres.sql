CREATE SEQUENCE "s";
CREATE TABLE "t" (
  "id" bigint NOT NULL,
  "n" bigint DEFAULT nextval('s'::regclass)
);
DROP SEQUENCE "s" CASCADE;
-- can't undo drop sequence s: what is new of table t goes with it by cascade; write a down
