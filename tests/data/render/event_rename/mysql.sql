ALTER EVENT `clean_up` RENAME TO `forget`;
