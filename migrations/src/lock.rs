//! The lock and the settings that hold while a run is at work, and how they are put back.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use dunlin_dsl::{
    BatchError, Connection, ConnectionError, ErrorKind, Lock, SessionLock, Setting, Transactions,
};

use crate::error::{Error, Kind, Result};
use crate::event::{Event, Listener};
use crate::layout::Layout;
use crate::options::Options;

/// How long to sleep between tries where the lock is a transaction of its own.
const POLL: Duration = Duration::from_millis(100);

/// What a run holds.
pub(crate) struct Session {
    /// How the server's transactions go.
    pub(crate) transactions: Transactions,
    /// The server's lock.
    pub(crate) lock: Lock,
    patience: Patience,
    held: Option<SessionLock>,
    /// What puts settings back, in the order in which they were changed.
    restores: Vec<Restore>,
    /// What the settings are, by name, where no server can be asked.
    known: Option<BTreeMap<String, String>>,
}

/// How long a run waits for others, all in all.
pub(crate) struct Patience {
    /// When it ends; a time beyond all clocks never comes.
    deadline: Option<Instant>,
    /// Whether the waiting was told.
    told: bool,
    poll: Duration,
}

/// What puts a setting back.
struct Restore {
    name: String,
    value: String,
    sql: String,
}

impl Session {
    /// That of a script, in which the settings are as `known` says.
    pub(crate) fn assumed(layout: &Layout, known: BTreeMap<String, String>) -> Self {
        Self {
            transactions: layout.dialect.transactions(&layout.server),
            lock: layout.dialect.lock(&layout.lock_key(), &layout.server),
            patience: Patience { deadline: None, told: true, poll: POLL },
            held: None,
            restores: Vec::new(),
            known: Some(known),
        }
    }

    /// Takes the lock and makes the settings of a run.
    pub(crate) async fn open(
        conn: &mut dyn Connection,
        layout: &Layout,
        options: &Options,
        listener: &mut Listener<'_>,
    ) -> Result<Self> {
        let lock = layout.dialect.lock(&layout.lock_key(), &layout.server);
        let mut patience = Patience::new(options);
        patience.poll = lock.session.as_ref().map_or(POLL, |lock| lock.poll);
        let mut session = Self {
            transactions: layout.dialect.transactions(&layout.server),
            lock,
            patience,
            held: None,
            restores: Vec::new(),
            known: None,
        };
        session.say_what_a_drop_does(conn);
        // A caller's transaction holds what it holds until it ends, and when that is isn't for Dunlin to say: there the
        // proof that each revision asks for is the lock.
        let own = session.lock.session.clone().filter(|_| conn.owns_transactions());
        let taken = match own {
            Some(lock) => session.acquire(conn, lock, listener).await,
            None => Ok(()),
        };
        let made = match taken {
            Ok(()) => session.hold(conn, layout, &layout.dialect.session(&layout.server)).await,
            Err(error) => Err(error),
        };
        match made {
            Ok(()) => Ok(session),
            Err(error) => {
                // Why it can't begin is worth more than what then goes wrong in putting things back.
                let _ = session.close(conn).await;
                Err(error)
            }
        }
    }

    /// What [`put_back`](Self::put_back) wants in order to put back the settings that are made from here on.
    pub(crate) fn mark(&self) -> usize {
        self.restores.len()
    }

    /// Makes settings, each of them read, set and read back.
    pub(crate) async fn hold(
        &mut self,
        conn: &mut dyn Connection,
        layout: &Layout,
        settings: &[Setting],
    ) -> Result<()> {
        for setting in settings {
            let old = match &self.known {
                Some(known) => known.get(&setting.name).cloned().unwrap_or_default(),
                None => read(conn, setting).await?,
            };
            if old == setting.value {
                continue;
            }
            let sql = assignment(layout, setting, &old)?;
            self.restores.push(Restore { name: setting.name.clone(), value: old, sql });
            self.say_what_a_drop_does(conn);
            let set = assignment(layout, setting, &setting.value)?;
            conn.execute(&set).await.map_err(Error::from_connection)?;
            if let Some(known) = &mut self.known {
                known.insert(setting.name.clone(), setting.value.clone());
                continue;
            }
            let found = read(conn, setting).await?;
            if found != setting.value {
                let (name, wanted) = (setting.name.clone(), setting.value.clone());
                return Err(Error::new(Kind::Setting { name, wanted, found }));
            }
        }
        Ok(())
    }

    /// Puts back the settings that were made since `mark`, the last one first.
    pub(crate) async fn put_back(&mut self, conn: &mut dyn Connection, mark: usize) -> Result<()> {
        let restores = self.restores.split_off(mark.min(self.restores.len()));
        let mut outcome = Ok(());
        for restore in restores.iter().rev() {
            if let Err(error) = conn.execute(&restore.sql).await {
                outcome = outcome.and(Err(Error::from_connection(error)));
            }
            if let Some(known) = &mut self.known {
                known.insert(restore.name.clone(), restore.value.clone());
            }
        }
        if !restores.is_empty() {
            self.say_what_a_drop_does(conn);
        }
        outcome
    }

    /// Waits a little for another migrator, or refuses to wait any longer.
    pub(crate) async fn wait(
        &mut self,
        conn: &mut dyn Connection,
        holder: Option<String>,
        listener: &mut Listener<'_>,
    ) -> Result<()> {
        self.patience.wait(conn, holder, listener).await
    }

    /// Sends statements, and goes on from the one that finds something in its way once that is gone, where the transaction stays as
    /// it was.
    pub(crate) async fn send(
        &mut self,
        conn: &mut dyn Connection,
        statements: &[String],
        listener: &mut Listener<'_>,
    ) -> std::result::Result<(), BatchError> {
        let mut done = 0;
        while let Err(failed) = conn.batch(&statements[done..]).await {
            done += failed.index;
            let may_wait = self.transactions.waits && failed.error.kind == ErrorKind::Busy;
            if !may_wait || self.wait(conn, None, listener).await.is_err() {
                return Err(BatchError { index: done, error: failed.error });
            }
        }
        Ok(())
    }

    /// Commits, as soon as nothing is in its way.
    pub(crate) async fn commit(
        &mut self,
        conn: &mut dyn Connection,
        listener: &mut Listener<'_>,
    ) -> std::result::Result<(), ConnectionError> {
        let commit = [self.transactions.commit.to_owned()];
        self.send(conn, &commit, listener).await.map_err(|failed| failed.error)
    }

    /// Begins a transaction, as soon as no other one holds the database.
    pub(crate) async fn begin(
        &mut self,
        conn: &mut dyn Connection,
        listener: &mut Listener<'_>,
    ) -> Result<()> {
        while let Err(error) = conn.execute(self.transactions.begin).await {
            if !matches!(error.kind, ErrorKind::Busy | ErrorKind::LockRefused) {
                return Err(Error::from_connection(error));
            }
            self.wait(conn, None, listener).await?;
        }
        Ok(())
    }

    /// Puts the settings back and gives the lock back. What is wrong with one doesn't keep it from the other.
    pub(crate) async fn close(mut self, conn: &mut dyn Connection) -> Result<()> {
        let settings = self.put_back(conn, 0).await;
        let lock = match self.held.take() {
            Some(lock) => conn.query(&lock.release).await.map(drop).map_err(Error::from_connection),
            None => Ok(()),
        };
        conn.on_drop(Vec::new());
        settings.and(lock)
    }

    async fn acquire(
        &mut self,
        conn: &mut dyn Connection,
        lock: SessionLock,
        listener: &mut Listener<'_>,
    ) -> Result<()> {
        // The release is queued before the lock is asked for: a future that is dropped in between may have taken it.
        self.held = Some(lock.clone());
        self.say_what_a_drop_does(conn);
        let refused = loop {
            match conn.query(&lock.acquire).await {
                Ok(rows) if rows.first().is_some_and(|row| row.bool(0)) => return Ok(()),
                Ok(_) => {}
                Err(error) if error.kind == ErrorKind::Busy => {}
                Err(error) => break Error::from_connection(error),
            }
            let holder = match self.patience.told && !self.patience.is_over() {
                true => None,
                // Who holds it is for the eye; that it can't be told is no failure.
                false => conn.query(&lock.holder).await.ok().and_then(|rows| rows.first()?.text(0)),
            };
            if let Err(error) = self.wait(conn, holder, listener).await {
                break error;
            }
        };
        // Giving back a lock that was never taken would give back one that the caller took itself.
        self.held = None;
        Err(refused)
    }

    fn say_what_a_drop_does(&self, conn: &mut dyn Connection) {
        if !conn.owns_transactions() {
            // The caller's rollback undoes settings too, and nothing may be queued into a transaction that isn't ours.
            return;
        }
        let rollback = std::iter::once(self.transactions.rollback.to_owned());
        let restores = self.restores.iter().rev().map(|restore| restore.sql.clone());
        let release = self.held.iter().map(|lock| lock.release.clone());
        conn.on_drop(rollback.chain(restores).chain(release).collect());
    }
}

impl Patience {
    /// As long as the options say, from now on.
    pub(crate) fn new(options: &Options) -> Self {
        Self { deadline: Instant::now().checked_add(options.lock_timeout), told: false, poll: POLL }
    }

    fn is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Waits a little, or refuses to wait any longer.
    pub(crate) async fn wait(
        &mut self,
        conn: &mut dyn Connection,
        holder: Option<String>,
        listener: &mut Listener<'_>,
    ) -> Result<()> {
        if self.is_over() {
            return Err(Error::new(Kind::Locked { holder }));
        }
        if !std::mem::replace(&mut self.told, true) {
            listener.tell(|| Event::Waiting { holder });
        }
        conn.sleep(self.poll).await;
        Ok(())
    }
}

async fn read(conn: &mut dyn Connection, setting: &Setting) -> Result<String> {
    let rows = conn.query(&setting.read).await.map_err(Error::from_connection)?;
    Ok(rows.first().and_then(|row| row.text(0)).unwrap_or_default())
}

/// The statement that gives a setting this value.
pub(crate) fn assignment(layout: &Layout, setting: &Setting, value: &str) -> Result<String> {
    let whole = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let value = if whole { value.to_owned() } else { layout.literal(value)? };
    Ok(setting.set.replace("{}", &value))
}
