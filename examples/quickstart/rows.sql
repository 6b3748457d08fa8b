INSERT INTO customer VALUES (1, 'Ann', 'ann@example.com');
INSERT INTO invoice VALUES (7, 1, 4200);
