CREATE INDEX orders_placed_on ON orders (placed_on);
/*!40000 ALTER TABLE orders DISABLE KEYS */;
