ALTER TABLE "book" NO INHERIT "thing";
-- can't undo inherit no more from thing by table book: column id is only inherited, and stays behind as the table's own; write a down
