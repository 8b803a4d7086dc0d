//! Values of every type, the odd ones too, as each server writes them.

use dunlin::prelude::*;

use crate::server::Kind;
use crate::whole::dice::Dice;

/// A value for a column of this type, as a literal.
pub(super) fn value(dice: &mut Dice, ty: &ColumnType, strict: bool) -> String {
    // SQLite keeps whatever it is given, and so does a rebuild.
    if dice.kind == Kind::Sqlite && !strict && dice.one_in(15) {
        return dice
            .pick(&["x'00ff'", "'abc'", "1.5", "9223372036854775807", "''", "'12'", "-0.5e-7"])
            .into();
    }
    let picked = |dice: &mut Dice, of: &[&str]| dice.pick(of).to_owned();
    match ty {
        ColumnType::Boolean => picked(dice, &["TRUE", "FALSE"]),
        ColumnType::Integer { width, unsigned } => whole(dice, *width, *unsigned),
        ColumnType::Decimal { .. } => picked(dice, &["0", "1.25", "-0.01", "12345678.99", "7"]),
        ColumnType::Real => picked(dice, &["0", "-1.5", "0.1", "3e38", "1e-30"]),
        ColumnType::Double => picked(dice, &["0", "-1.5", "0.1", "1.7e308", "1e-300", "123456789.123456789"]),
        ColumnType::Char(_) | ColumnType::Varchar(_) => short(dice),
        ColumnType::Text(_) => long(dice),
        ColumnType::Binary(_) | ColumnType::Varbinary(_) | ColumnType::Blob(_) => bytes(dice),
        ColumnType::Date => picked(dice, &["'2026-02-28'", "'1000-01-01'", "'9999-12-31'"]),
        ColumnType::Time { .. } => picked(dice, &["'00:00:00'", "'23:59:59'", "'12:30:00'"]),
        ColumnType::Timestamp { .. } => picked(dice, &["'2026-01-31 10:11:12'", "'1999-12-31 23:59:59'"]),
        ColumnType::Interval => "'1 day 02:03:04'".into(),
        ColumnType::Year => picked(dice, &["1999", "2026"]),
        ColumnType::Uuid => format!("'{:08x}-0000-4000-8000-00000000abcd'", dice.below(u32::MAX as usize)),
        ColumnType::Json | ColumnType::Jsonb => {
            picked(dice, &["'{}'", "'[1, \"ü\", null]'", "'{\"a\": \"it''s\"}'", "'7'"])
        }
        ColumnType::Array(_) => picked(dice, &["'{}'", "'{1,2}'"]),
        ColumnType::Enum(values) | ColumnType::Set(values) => {
            format!("'{}'", dice.pick(values).replace('\'', "''"))
        }
        ColumnType::Inet => "'10.0.0.1'".into(),
        ColumnType::Bit(length) => {
            let bits: String = (0..*length).map(|_| if dice.coin() { '1' } else { '0' }).collect();
            format!("b'{bits}'")
        }
        ColumnType::Native(name) if name == "int4range" => "'[1,5)'".into(),
        _ => "NULL".into(),
    }
}

fn whole(dice: &mut Dice, width: IntWidth, unsigned: bool) -> String {
    // Mostly such as checks and keys let in.
    if !dice.one_in(8) {
        return dice.number().to_string();
    }
    let (least, most) = match width {
        IntWidth::Tiny => (-128_i64, 127_i64),
        IntWidth::Small => (-32_768, 32_767),
        IntWidth::Medium => (-8_388_608, 8_388_607),
        IntWidth::Normal => (-2_147_483_648, 2_147_483_647),
        IntWidth::Big => (i64::MIN + 1, i64::MAX - 1),
    };
    dice.pick(&[if unsigned { 0 } else { least }, most, 1]).to_string()
}

fn short(dice: &mut Dice) -> String {
    let words = ["''", "'a'", "'A'", "'it''s'", "'ünï'", "'日本'", "' lead'", "'1'", "'semi;--x'", "'\"q\"'"];
    match dice.below(3) {
        0 => format!("'word {}'", dice.number()),
        1 => format!("'{}'", "x".repeat(20)),
        _ => dice.pick(&words).into(),
    }
}

fn long(dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => format!("'{}'", "lörem ".repeat(300)),
        1 => "'two\nlines\tand a tab'".into(),
        _ => short(dice),
    }
}

fn bytes(dice: &mut Dice) -> String {
    let hex = match dice.below(4) {
        0 => String::new(),
        1 => "00ff27".into(),
        2 => "ab".repeat(6000),
        _ => "c328".into(),
    };
    match dice.is_postgres() {
        true => format!("'\\x{hex}'"),
        false => format!("x'{hex}'"),
    }
}
