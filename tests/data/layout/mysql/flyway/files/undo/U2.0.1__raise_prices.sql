DROP PROCEDURE raise_prices;
