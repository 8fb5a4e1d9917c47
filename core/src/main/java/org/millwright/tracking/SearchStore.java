package org.millwright.tracking;

import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.val;
import static org.jooq.impl.DSL.when;

import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.SortField;
import org.jooq.impl.DSL;
import org.millwright.kernel.Database;
import org.millwright.tracking.Clause.Literal;
import org.millwright.tracking.Clause.Op;

/** Clauses and orders as SQL, the same on every database: case counts, strings sort by code point, nulls come last. */
public final class SearchStore {
    private final Database database;

    public SearchStore(Database database) {
        this.database = database;
    }

    /** A clause on a field that holds a string. */
    public Condition text(Field<String> field, Clause clause) {
        return switch (clause.literal()) {
            case Literal.Text(String value) ->
                switch (clause.op()) {
                    case EQ -> field.eq(value);
                    case NE -> field.ne(value);
                    case LIKE -> like(field, value);
                    case ILIKE -> ilike(field, value);
                    default -> DSL.falseCondition();
                };
            case Literal.Texts(List<String> values) -> clause.op() == Op.IN ? field.in(values) : field.notIn(values);
            default -> DSL.falseCondition();
        };
    }

    /** A clause on a field that holds a whole number. */
    public Condition whole(Field<Long> field, Clause clause) {
        return number(field.cast(Double.class), clause);
    }

    /** A clause on a field that holds a number. */
    public Condition number(Field<Double> field, Clause clause) {
        if (!(clause.literal() instanceof Literal.Num(double value))) {
            return DSL.falseCondition();
        }
        return switch (clause.op()) {
            case EQ -> field.eq(value);
            case NE -> field.ne(value);
            case LT -> field.lt(value);
            case LE -> field.le(value);
            case GT -> field.gt(value);
            case GE -> field.ge(value);
            default -> DSL.falseCondition();
        };
    }

    /** Order by a string, in either direction with nulls last. */
    public List<SortField<?>> byText(Field<String> field, boolean ascending) {
        return List.of(nullsLast(field), plain(field, ascending));
    }

    /** Order by a string that is never null, by code point. */
    SortField<String> plain(Field<String> field, boolean ascending) {
        Field<String> plain = database.isSqlite() ? field : DSL.field("{0} collate \"C\"", String.class, field);
        return ascending ? plain.asc() : plain.desc();
    }

    /** Order by a number, in either direction with nulls last. */
    public List<SortField<?>> byNumber(Field<? extends Number> field, boolean ascending) {
        return List.of(nullsLast(field), ascending ? field.asc() : field.desc());
    }

    /** Order by a metric: numbers first, then NaN, then runs that lack it. */
    List<SortField<?>> byMetric(Field<Double> field, Field<Integer> isNan, boolean ascending) {
        return List.of(
                when(field.isNull(), inline(2))
                        .when(isNan.eq(inline(1)), inline(1))
                        .otherwise(inline(0))
                        .asc(),
                ascending ? field.asc() : field.desc());
    }

    /** All conditions together; true for none. */
    public static Condition all(List<Condition> conditions) {
        return conditions.isEmpty() ? noCondition() : DSL.and(conditions);
    }

    private static SortField<Integer> nullsLast(Field<?> field) {
        return when(field.isNull(), inline(1)).otherwise(inline(0)).asc();
    }

    private Condition like(Field<String> field, String pattern) {
        return database.isSqlite()
                ? condition("{0} glob {1}", field, val(glob(pattern)))
                : condition("{0} like {1} escape ''", field, val(pattern));
    }

    private Condition ilike(Field<String> field, String pattern) {
        return database.isSqlite()
                ? condition("{0} like {1}", field, val(pattern))
                : condition("{0} ilike {1} escape ''", field, val(pattern));
    }

    /** The LIKE pattern in SQLite's GLOB form, which minds the case. */
    static String glob(String pattern) {
        var glob = new StringBuilder(pattern.length() + 8);
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            switch (c) {
                case '%' -> glob.append('*');
                case '_' -> glob.append('?');
                case '*', '?', '[' -> glob.append('[').append(c).append(']');
                default -> glob.append(c);
            }
        }
        return glob.toString();
    }
}
