ALTER SEQUENCE "orders" RENAME TO "bills";
