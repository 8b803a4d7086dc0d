ALTER SEQUENCE "orders_id_seq" RENAME TO "numbers of orders";
ALTER SEQUENCE "numbers of orders" RENAME TO "order_numbers";
