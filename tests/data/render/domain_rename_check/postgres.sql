ALTER DOMAIN "positive" RENAME CONSTRAINT "above_zero" TO "more than none";
