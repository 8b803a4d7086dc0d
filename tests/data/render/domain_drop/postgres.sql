DROP DOMAIN "positive";
