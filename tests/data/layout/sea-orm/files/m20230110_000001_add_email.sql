SELECT 'read by its step, and no revision';
