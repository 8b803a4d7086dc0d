//! A column as it is written: a type, and what follows it.

use crate::schema::{
    Action, Check, Column, ColumnType, Deferrable, Expr, ForeignKey, Generated, Identity, IntWidth, Label,
    Match, Name, PrimaryKey, Size, Table, Unique,
};
use crate::server::PerDialect;

/// A column without its name: a type, its attributes, and the constraints that are written beside it.
#[derive(Clone, Debug)]
pub struct ColumnSpec {
    column: Column,
    primary_key: bool,
    unique: bool,
    references: Option<(Name, String)>,
    on_delete: Action,
    check: Option<Expr>,
}

impl ColumnSpec {
    /// A nullable column of this type.
    pub fn new(ty: ColumnType) -> Self {
        Self {
            column: Column::new("", ty),
            primary_key: false,
            unique: false,
            references: None,
            on_delete: Action::NoAction,
            check: None,
        }
    }

    /// Refuses NULL.
    pub fn not_null(mut self) -> Self {
        self.column.not_null = true;
        self
    }

    /// Is the table's primary key, or a part of it.
    pub fn primary_key(mut self) -> Self {
        self.primary_key = true;
        self.not_null()
    }

    /// Refuses a value that another row has.
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// What a row gets that doesn't say. A string is a literal; SQL text is `sql("now()")`.
    pub fn default(mut self, value: impl Into<Expr>) -> Self {
        self.column.default = Some(value.into());
        self
    }

    /// Numbered by the server.
    pub fn identity(mut self) -> Self {
        self.column.identity = Some(Identity::default());
        self.not_null()
    }

    /// Computed from other columns when it is written: SQL text.
    pub fn generated_stored(mut self, sql: impl Into<String>) -> Self {
        self.column.generated = Some(Generated { expr: Expr::Sql(sql.into()), stored: true });
        self
    }

    /// Computed from other columns when it is read: SQL text.
    pub fn generated_virtual(mut self, sql: impl Into<String>) -> Self {
        self.column.generated = Some(Generated { expr: Expr::Sql(sql.into()), stored: false });
        self
    }

    /// Refers to a column of another table.
    pub fn references(mut self, table: impl Into<Name>, column: impl Into<String>) -> Self {
        self.references = Some((table.into(), column.into()));
        self
    }

    /// What becomes of the row when the one it [refers](Self::references) to is deleted.
    pub fn on_delete(mut self, action: Action) -> Self {
        self.on_delete = action;
        self
    }

    /// A condition that every row meets: SQL text.
    pub fn check(mut self, sql: impl Into<String>) -> Self {
        self.check = Some(Expr::Sql(sql.into()));
        self
    }

    /// How its text is compared, by the server's own name for it.
    pub fn collate(mut self, collation: impl Into<String>) -> Self {
        self.column.collation = PerDialect::everywhere(collation.into());
        self
    }

    /// A remark kept in the catalog.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.column.comment = Some(comment.into());
        self
    }

    /// Without negative values: integers on MySQL and MariaDB. On another type it changes nothing.
    pub fn unsigned(mut self) -> Self {
        if let ColumnType::Integer { unsigned, .. } = &mut self.column.ty {
            *unsigned = true;
        }
        self
    }

    /// Digits after a second's point, 0 to 6. On a type without a time it changes nothing.
    pub fn precision(mut self, digits: u8) -> Self {
        if let ColumnType::Time { precision, .. } | ColumnType::Timestamp { precision, .. } =
            &mut self.column.ty
        {
            *precision = Some(digits);
        }
        self
    }

    /// Puts the column, and what is written beside it, into a table.
    pub(crate) fn add_to(self, table: &mut Table, name: String) {
        if self.primary_key {
            let key =
                table.primary_key.get_or_insert(PrimaryKey { label: Label::Unnamed, columns: Vec::new() });
            key.columns.push(name.clone());
        }
        if self.unique {
            table.uniques.push(Unique {
                label: Label::Unnamed,
                columns: vec![name.clone()],
                nulls_not_distinct: false,
                deferrable: Deferrable::No,
                include: Vec::new(),
            });
        }
        if let Some((references, column)) = self.references {
            table.foreign_keys.push(ForeignKey {
                label: Label::Unnamed,
                columns: vec![name.clone()],
                references,
                references_columns: vec![column],
                on_delete: self.on_delete,
                on_update: Action::NoAction,
                deferrable: Deferrable::No,
                matching: Match::Simple,
            });
        }
        table.checks.extend(self.check.map(|expr| Check { label: Label::Unnamed, expr }));
        table.columns.push(Column { name, ..self.column });
    }
}

macro_rules! types {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $of:ty),*) => $ty:expr;)+) => {$(
        $(#[$doc])*
        pub fn $name($($argument: $of),*) -> ColumnSpec {
            ColumnSpec::new($ty)
        }
    )+};
}

fn integer_of(width: IntWidth) -> ColumnType {
    ColumnType::Integer { width, unsigned: false }
}

types! {
    /// True or false.
    boolean() => ColumnType::Boolean;
    /// An 8-bit integer; 16-bit where there is none.
    tinyint() => integer_of(IntWidth::Tiny);
    /// A 16-bit integer.
    smallint() => integer_of(IntWidth::Small);
    /// A 24-bit integer; 32-bit where there is none.
    mediumint() => integer_of(IntWidth::Medium);
    /// A 32-bit integer.
    integer() => integer_of(IntWidth::Normal);
    /// A 64-bit integer.
    bigint() => integer_of(IntWidth::Big);
    /// An exact number of so many digits, and so many of them after the point.
    decimal(precision: u16, scale: u16) => ColumnType::Decimal { precision: Some((precision, scale)) };
    /// A 32-bit float.
    real() => ColumnType::Real;
    /// A 64-bit float.
    double() => ColumnType::Double;
    /// Text of exactly so many characters.
    char(length: u32) => ColumnType::Char(length);
    /// Text of at most so many characters.
    varchar(length: u32) => ColumnType::Varchar(length);
    /// Text of any length.
    text() => ColumnType::Text(Size::Normal);
    /// Bytes of any length.
    blob() => ColumnType::Blob(Size::Normal);
    /// Exactly so many bytes.
    binary(length: u32) => ColumnType::Binary(length);
    /// At most so many bytes.
    varbinary(length: u32) => ColumnType::Varbinary(length);
    /// A calendar day.
    date() => ColumnType::Date;
    /// A time of day.
    time() => ColumnType::Time { precision: None, zone: false };
    /// A date and time, of no zone.
    timestamp() => ColumnType::Timestamp { precision: None, zone: false };
    /// An instant.
    timestamptz() => ColumnType::Timestamp { precision: None, zone: true };
    /// A UUID.
    uuid() => ColumnType::Uuid;
    /// JSON kept as text.
    json() => ColumnType::Json;
    /// JSON kept parsed, where there is such a thing.
    jsonb() => ColumnType::Jsonb;
    /// An IP address.
    inet() => ColumnType::Inet;
    /// So many bits.
    bit(length: u32) => ColumnType::Bit(length);
}

/// A type in the server's own words.
pub fn native(name: impl Into<String>) -> ColumnSpec {
    ColumnSpec::new(ColumnType::Native(name.into()))
}

/// One of these strings.
pub fn enumeration<S: Into<String>>(values: impl IntoIterator<Item = S>) -> ColumnSpec {
    ColumnSpec::new(ColumnType::Enum(values.into_iter().map(Into::into).collect()))
}

impl From<&ColumnSpec> for ColumnType {
    fn from(spec: &ColumnSpec) -> Self {
        spec.column.ty.clone()
    }
}
