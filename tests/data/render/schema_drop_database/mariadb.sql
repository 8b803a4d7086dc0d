DROP DATABASE `dunlin_case_audit`;
