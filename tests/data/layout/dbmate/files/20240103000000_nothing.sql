-- migrate:up
-- This one was planned and never written.


-- migrate:down
-- Nor was its way back.

