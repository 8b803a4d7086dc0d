ALTER DATABASE `dunlin_case_audit` CHARACTER SET latin1 COLLATE latin1_swedish_ci;
