ALTER EVENT `clean_up` RENAME TO `dunlin_case_other`.`clean_up`;
