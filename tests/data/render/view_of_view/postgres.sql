CREATE VIEW "old" AS
SELECT id FROM adults;
