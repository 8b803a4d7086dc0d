
-- only a comment; here
/* and; /* here */ */