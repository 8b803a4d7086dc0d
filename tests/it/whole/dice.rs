//! Where what is random comes from: one number, from which all others follow.

use crate::server::Kind;

/// What is thrown for one schema, on one server.
#[derive(Clone)]
pub(crate) struct Dice {
    state: u64,
    pub(crate) kind: Kind,
    /// A tablespace that there is, where the database has one, and with it the access method `piles`.
    pub(crate) space: Option<String>,
    /// Keeps the names of what is made apart.
    pub(crate) at: usize,
}

impl Dice {
    pub(crate) fn new(seed: u64, kind: Kind) -> Self {
        Self { state: seed, kind, space: None, at: 0 }
    }

    /// A number below another: SplitMix64 by Steele, Lea and Flood, of which the low bits are as good as the high ones.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) % end as u64) as usize
    }

    pub(crate) fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    pub(crate) fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    pub(crate) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    pub(crate) fn number(&mut self) -> i64 {
        self.below(998) as i64 + 2
    }

    /// A word that needs every kind of quoting.
    pub(crate) fn word(&mut self) -> &'static str {
        self.pick(&["plain", "order", "With Space", "ü\"x`y", "semi;--colon", "it's", "日本"])
    }

    /// The name of what is being made.
    pub(crate) fn name(&mut self) -> String {
        format!("{} {}", self.word(), self.at)
    }

    pub(crate) fn remark(&mut self) -> Option<&'static str> {
        let remark = self.pick(&["a remark", "it's \\ here", "über"]);
        self.coin().then_some(remark)
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.kind.is_postgres()
    }

    pub(crate) fn is_mysql(&self) -> bool {
        matches!(self.kind, Kind::Mysql | Kind::Mariadb)
    }
}
