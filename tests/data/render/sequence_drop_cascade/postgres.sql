DROP SEQUENCE "orders" CASCADE;
-- can't undo drop sequence orders: column bill.number goes with it by cascade; write a down
