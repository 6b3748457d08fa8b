CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, mail TEXT UNIQUE);
CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer INTEGER, cents INTEGER);
CREATE INDEX invoice_customer ON invoice (customer);
