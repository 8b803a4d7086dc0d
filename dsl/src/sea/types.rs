//! sea-query's column types.

use sea_query::{ColumnType as Sea, StringLen};

use crate::schema::{ColumnType, IntWidth, Size};
use crate::server::{DialectId, DialectSet, MARIADB, MYSQL, POSTGRES, PerDialect, SQLITE};

const MY: DialectSet = MYSQL.or(MARIADB);
const OTHERS: DialectSet = SQLITE.or(POSTGRES);

/// The type that sea-query would give the column on each server, where the server has it at all.
///
/// SQLite is the exception: there sea-query makes names up, such as `uuid_text` or `real(10, 2)` for a decimal, and
/// Dunlin's own have the affinity that the type needs.
pub(super) fn column_type(ty: &Sea) -> Result<ColumnType, String> {
    let length = |length: &StringLen| match length {
        StringLen::N(length) => *length,
        StringLen::Max => 65535,
        StringLen::None => 255,
    };
    Ok(match ty {
        Sea::Char(length) => ColumnType::Char(length.unwrap_or(1)),
        Sea::String(StringLen::N(length)) => ColumnType::Varchar(*length),
        Sea::String(other) => split(ColumnType::Varchar(length(other)), ColumnType::Native("varchar".into())),
        Sea::Text => ColumnType::Text(Size::Normal),
        Sea::Blob => ColumnType::Blob(Size::Normal),
        Sea::TinyInteger => integer(IntWidth::Tiny, false),
        Sea::SmallInteger => integer(IntWidth::Small, false),
        Sea::Integer => integer(IntWidth::Normal, false),
        Sea::BigInteger => integer(IntWidth::Big, false),
        Sea::TinyUnsigned => split(integer(IntWidth::Tiny, true), integer(IntWidth::Small, false)),
        Sea::SmallUnsigned => split(integer(IntWidth::Small, true), integer(IntWidth::Normal, false)),
        Sea::Unsigned => split(integer(IntWidth::Normal, true), integer(IntWidth::Big, false)),
        Sea::BigUnsigned => split(integer(IntWidth::Big, true), integer(IntWidth::Big, false)),
        Sea::Float => ColumnType::Real,
        Sea::Double => ColumnType::Double,
        Sea::Decimal(Some((precision, scale))) => decimal(*precision, *scale)?,
        Sea::Decimal(None) => split(decimal(10, 0)?, ColumnType::Decimal { precision: None }),
        Sea::DateTime => timestamp(false),
        Sea::Timestamp => split(timestamp(true), timestamp(false)),
        Sea::TimestampWithTimeZone => timestamp(true),
        Sea::Time => ColumnType::Time { precision: None, zone: false },
        Sea::Date => ColumnType::Date,
        Sea::Year => ColumnType::Year,
        Sea::Interval(None, None) => ColumnType::Interval,
        Sea::Binary(length) => ColumnType::Binary(*length),
        Sea::VarBinary(of) => ColumnType::Varbinary(length(of)),
        Sea::Bit(length) => ColumnType::Bit(length.unwrap_or(1)),
        Sea::VarBit(length) => split(ColumnType::Bit(*length), ColumnType::Varbit(*length)),
        Sea::Boolean => ColumnType::Boolean,
        Sea::Json => ColumnType::Json,
        Sea::JsonBinary => ColumnType::Jsonb,
        Sea::Uuid => split(ColumnType::Binary(16), ColumnType::Uuid),
        Sea::Custom(name) => ColumnType::Native(name.to_string()),
        // PostgreSQL's is a type by itself, which sea-query's users create by itself.
        Sea::Enum { name, variants } => {
            let values = ColumnType::Enum(variants.iter().map(ToString::to_string).collect());
            ColumnType::PerDialect(
                PerDialect::default()
                    .with(POSTGRES, ColumnType::Native(name.to_string()))
                    .with(MY.or(SQLITE), values),
            )
        }
        Sea::Array(element) => ColumnType::Array(Box::new(match column_type(element)? {
            ColumnType::PerDialect(types) => {
                types.get(DialectId::Postgres).cloned().ok_or("PostgreSQL has no such element")?
            }
            ty => ty,
        })),
        Sea::Vector(Some(dimensions)) => ColumnType::Native(format!("vector({dimensions})")),
        Sea::Vector(None) => ColumnType::Native("vector".into()),
        Sea::Cidr => ColumnType::Cidr,
        Sea::Inet => ColumnType::Inet,
        Sea::MacAddr => ColumnType::Macaddr,
        Sea::LTree => ColumnType::Native("ltree".into()),
        other => return Err(format!("sea-query's {other:?} is no type here; give one with native(..)")),
    })
}

/// One type on MySQL and MariaDB, another elsewhere.
fn split(my: ColumnType, others: ColumnType) -> ColumnType {
    ColumnType::PerDialect(PerDialect::default().with(MY, my).with(OTHERS, others))
}

fn integer(width: IntWidth, unsigned: bool) -> ColumnType {
    ColumnType::Integer { width, unsigned }
}

fn timestamp(zone: bool) -> ColumnType {
    ColumnType::Timestamp { precision: None, zone }
}

fn decimal(precision: u32, scale: u32) -> Result<ColumnType, String> {
    match (precision.try_into(), scale.try_into()) {
        (Ok(precision), Ok(scale)) => Ok(ColumnType::Decimal { precision: Some((precision, scale)) }),
        _ => Err(format!("no server has a decimal of {precision} digits, {scale} of them after the point")),
    }
}
