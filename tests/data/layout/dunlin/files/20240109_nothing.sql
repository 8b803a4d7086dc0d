-- This one was planned and never written.

-- dunlin: down
-- Nor was its way back.
