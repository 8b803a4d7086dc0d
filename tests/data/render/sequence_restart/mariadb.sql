ALTER SEQUENCE `orders` RESTART WITH 1000;
-- can't undo alter next number of sequence orders: where the sequence stood isn't remembered; write a down
