CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT UNIQUE, -- @renamed from=mail
  city TEXT
);
CREATE TABLE invoice (
  id INTEGER PRIMARY KEY,
  customer INTEGER NOT NULL REFERENCES customer (id),
  cents INTEGER NOT NULL CHECK (cents > 0)
);
CREATE INDEX invoice_customer ON invoice (customer);
CREATE VIEW owed AS SELECT name, sum(cents) AS cents FROM customer JOIN invoice ON customer = customer.id GROUP BY name;
