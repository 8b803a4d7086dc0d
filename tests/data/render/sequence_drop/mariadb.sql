DROP SEQUENCE `orders`;
