DROP PROCEDURE `archive`;
