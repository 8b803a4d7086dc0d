ALTER DOMAIN "positive" DROP CONSTRAINT "above_zero";
