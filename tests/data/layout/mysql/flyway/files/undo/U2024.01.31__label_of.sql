DROP FUNCTION label_of;
