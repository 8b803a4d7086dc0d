CREATE SEQUENCE `invoices`;
