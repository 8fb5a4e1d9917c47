package org.millwright.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Clause.Entity;
import org.millwright.tracking.Clause.Literal;
import org.millwright.tracking.Clause.Op;

final class SearchFilterTest {
    private static final String[] WORDS = {
        "metrics.a",
        "params.`b c`",
        "tags.\"d\"",
        "attributes.status",
        "run_id",
        "dataset.name",
        "=",
        "!=",
        "<",
        ">=",
        "LIKE",
        "ilike",
        "IN",
        "NOT",
        "IS",
        "NULL",
        "AND",
        "OR",
        "'x'",
        "\"y\"",
        "1",
        "-2.5e3",
        "(",
        ")",
        ",",
        "'",
        "`",
        ".",
        "..",
        "metrics.",
        "%",
        "\\",
        ";",
        "--",
        "é",
        "\uD83D\uDE00",
        "\uD800",
        "0x1",
        "1e999",
        "nan",
        "''",
        "''''"
    };

    @Test
    void readsEveryKindOfClause() {
        assertThat(runs("metrics.rmse <= 12.5 and params.depth != '3' AND tags.`a b.c` ilike '%x%'"))
                .containsExactly(
                        new Clause(Entity.METRIC, "rmse", Op.LE, new Literal.Num(12.5)),
                        new Clause(Entity.PARAMETER, "depth", Op.NE, new Literal.Text("3")),
                        new Clause(Entity.TAG, "a b.c", Op.ILIKE, new Literal.Text("%x%")));
        assertThat(runs("attr.run_id NOT IN ('a', \"b\") AND dataset.context in ('train')"))
                .containsExactly(
                        new Clause(Entity.ATTRIBUTE, "run_id", Op.NOT_IN, new Literal.Texts(List.of("a", "b"))),
                        new Clause(Entity.DATASET, "context", Op.IN, new Literal.Texts(List.of("train"))));
        assertThat(runs("Created>5 and status='RUNNING' and params.x is not null"))
                .containsExactly(
                        new Clause(Entity.ATTRIBUTE, "start_time", Op.GT, new Literal.Num(5)),
                        new Clause(Entity.ATTRIBUTE, "status", Op.EQ, new Literal.Text("RUNNING")),
                        new Clause(Entity.PARAMETER, "x", Op.IS_NOT_NULL, new Literal.None()));
        assertThat(runs("params.name = 'it''s'").getFirst().text()).isEqualTo("it's");
        assertThat(runs("attributes.`Run name` = 'a'").getFirst().key()).isEqualTo("run_name");
        assertThat(runs("  ")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            metrics.a > 1 OR metrics.b > 2 | Invalid clause(s) in filter string: 'OR'
            metrics.a > 'x'                | Expected numeric value type for metric. Found 'x'
            params.a = 1                   | Expected a quoted string value for parameter (e.g. 'my-value'). Got value 1
            nope = 'x'                     | Invalid attribute key 'nope' specified. Valid keys are '{'artifact_uri',
            thing.a = 'x'                  | Invalid entity type 'thing'. Valid values are
            params.a > 'x'                 | Invalid comparator '>' not one of '{
            metrics.a LIKE 1               | Invalid comparator 'LIKE' not one of '{
            status IN ('a')                | Only the ['run_id'] attributes support comparison with a list
            run_id IN ()                   | expected a non-empty list of string values, but got ill-formed list
            run_id = ('a')                 | Invalid comparator '='
            metrics.a =                    | Invalid clause(s) in filter string: 'metrics.a', '='
            metrics.a IS NULL              | IS NULL / IS NOT NULL is only supported for tags and params
            start_time > 'x'               | Expected numeric value type for numeric attribute: start_time
            dataset.size = 'x'             | Invalid dataset key 'size' specified
            """)
    void saysWhatIsWrong(String filter, String message) {
        assertThatThrownBy(() -> runs(filter))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining(message);
    }

    @Test
    void anyTextIsReadOrRefusedAndNeverFails() {
        var random = new Random(42);
        for (int i = 0; i < 200_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(9); n > 0; n--) {
                text.append(random.nextBoolean() ? " " : "").append(WORDS[random.nextInt(WORDS.length)]);
            }
            try {
                assertThat(runs(text.toString())).hasSizeLessThanOrEqualTo(100);
                SearchOrder.parse(List.of(text.toString()), SearchGrammar.RUNS);
            } catch (Problem.Invalid e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void whatIsWrittenIsRead() {
        var random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            var value = new StringBuilder();
            for (int n = random.nextInt(6); n > 0; n--) {
                value.append("a'%_\" .,()ANDé".charAt(random.nextInt(14)));
            }
            double number = random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10);
            String filter = "params.k = '" + value.toString().replace("'", "''") + "' AND metrics.m > " + number;
            assertThat(runs(filter))
                    .containsExactly(
                            new Clause(Entity.PARAMETER, "k", Op.EQ, new Literal.Text(value.toString())),
                            new Clause(Entity.METRIC, "m", Op.GT, new Literal.Num(number)));
        }
    }

    @Test
    void longFiltersAreRefusedQuickly() {
        assertThatThrownBy(() -> runs("(".repeat(100_001))).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> runs("metrics.a > 1 AND ".repeat(200) + "metrics.a > 1"))
                .hasMessageContaining("at most 100 clauses");
    }

    @Test
    void ordersNameAKeyAndADirection() {
        assertThat(SearchOrder.parse(
                        List.of("metrics.`a b` DESC", "params.x", "Created asc", "attribute.end_time desc"),
                        SearchGrammar.RUNS))
                .containsExactly(
                        new SearchOrder(Entity.METRIC, "a b", false),
                        new SearchOrder(Entity.PARAMETER, "x", true),
                        new SearchOrder(Entity.ATTRIBUTE, "start_time", true),
                        new SearchOrder(Entity.ATTRIBUTE, "end_time", false));
        assertThatThrownBy(() -> SearchOrder.parse(List.of("metrics.a", "metrics.a DESC"), SearchGrammar.RUNS))
                .hasMessageContaining("`order_by` contains duplicate fields");
        assertThatThrownBy(() -> SearchOrder.parse(List.of("metrics.a sideways"), SearchGrammar.RUNS))
                .hasMessageContaining("Invalid ordering key in order_by clause 'metrics.a sideways'");
    }

    private static List<Clause> runs(String filter) {
        return SearchFilter.parse(filter, SearchGrammar.RUNS);
    }
}
