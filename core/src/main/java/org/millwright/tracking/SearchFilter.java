package org.millwright.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Clause.Entity;
import org.millwright.tracking.Clause.Literal;
import org.millwright.tracking.Clause.Op;
import org.millwright.tracking.SearchGrammar.Ident;

/** Reads filter strings in MLflow's grammar: comparisons joined by AND. */
public final class SearchFilter {
    private static final int MAX_LENGTH = 100_000;
    private static final int MAX_CLAUSES = 100;
    private static final int MAX_LIST = 500;
    private static final int MAX_PATTERN = 10_000;

    private final SearchGrammar grammar;
    private final List<Token> tokens;
    private int at;

    private SearchFilter(SearchGrammar grammar, List<Token> tokens) {
        this.grammar = grammar;
        this.tokens = tokens;
    }

    /** The filter's clauses, all of which must hold; {@link Problem.Invalid} in MLflow's words for anything else. */
    public static List<Clause> parse(String filter, SearchGrammar grammar) {
        if (filter.length() > MAX_LENGTH) {
            throw new Problem.Invalid(
                    "The filter has " + filter.length() + " characters (expected: at most " + MAX_LENGTH + ")");
        }
        Names.requireText("filter", filter);
        return new SearchFilter(grammar, Token.split(filter)).clauses();
    }

    private List<Clause> clauses() {
        var clauses = new ArrayList<Clause>();
        while (at < tokens.size()) {
            if (!clauses.isEmpty()) {
                if (!tokens.get(at).isWord("AND")) {
                    throw invalidRest();
                }
                at++;
            }
            clauses.add(clause());
            if (clauses.size() > MAX_CLAUSES) {
                throw new Problem.Invalid("A filter can contain at most " + MAX_CLAUSES + " clauses");
            }
        }
        return clauses;
    }

    private Clause clause() {
        if (at + 1 >= tokens.size() || !tokens.get(at).canBeIdentifier()) {
            throw invalidRest();
        }
        int start = at;
        String left = tokens.get(at++).text();
        Op op = op(start);
        Ident ident = grammar.ident(left, grammar.attributes());
        Set<Op> allowed = grammar.ops(ident);
        if (op == Op.IS_NULL || op == Op.IS_NOT_NULL) {
            if (!allowed.contains(op)) {
                throw new Problem.Invalid("IS NULL / IS NOT NULL is only supported for tags and params, not for '"
                        + ident.entity().text() + "' '" + ident.key() + "'");
            }
            return new Clause(ident.entity(), ident.key(), op, new Literal.None());
        }
        if (at >= tokens.size()) {
            at = start;
            throw invalidRest();
        }
        Literal literal = literal(ident);
        boolean fits = allowed.contains(op) && (op == Op.IN || op == Op.NOT_IN) == literal instanceof Literal.Texts;
        if (!fits) {
            throw new Problem.Invalid("Invalid comparator '" + op.text() + "' not one of '{"
                    + allowed.stream().map(o -> "'" + o.text() + "'").collect(Collectors.joining(", ")) + "}'");
        }
        return new Clause(ident.entity(), ident.key(), op, literal);
    }

    private Op op(int start) {
        String text = tokens.get(at++).text().toUpperCase(Locale.ROOT);
        if (text.equals("NOT") && next("IN")) {
            return Op.NOT_IN;
        }
        if (text.equals("IS")) {
            if (next("NULL")) {
                return Op.IS_NULL;
            }
            if (next("NOT") && next("NULL")) {
                return Op.IS_NOT_NULL;
            }
        }
        return Op.of(text).orElseThrow(() -> {
            at = start;
            return invalidRest();
        });
    }

    private boolean next(String word) {
        if (at < tokens.size() && tokens.get(at).isWord(word)) {
            at++;
            return true;
        }
        return false;
    }

    private Literal literal(Ident ident) {
        Token token = tokens.get(at++);
        if (token.text().equals("(")) {
            return list(ident);
        }
        if (grammar.isNumeric(ident)) {
            return new Literal.Num(number(ident, token));
        }
        if (token.kind() != Token.Kind.QUOTED) {
            String what = ident.entity() == Entity.ATTRIBUTE
                    ? "attributes"
                    : ident.entity() == Entity.DATASET
                            ? "dataset attributes"
                            : ident.entity().text() + " (e.g. 'my-value')";
            throw new Problem.Invalid(
                    "Expected a quoted string value for " + what + ". Got value " + Names.shortened(token.text()));
        }
        if (token.value().length() > MAX_PATTERN) {
            throw new Problem.Invalid("A string of a filter can have at most " + MAX_PATTERN + " characters");
        }
        return new Literal.Text(token.value());
    }

    private static double number(Ident ident, Token token) {
        String found = ". Found " + Names.shortened(token.text());
        String what = ident.entity() == Entity.METRIC ? "metric" : "numeric attribute: " + ident.key();
        if (token.kind() != Token.Kind.NUMBER) {
            throw new Problem.Invalid("Expected numeric value type for " + what + found);
        }
        try {
            return Double.parseDouble(token.text());
        } catch (NumberFormatException e) {
            throw new Problem.Invalid("Expected numeric value type for " + what + found);
        }
    }

    private Literal list(Ident ident) {
        if (!grammar.allowsList(ident)) {
            throw new Problem.Invalid("Only the "
                    + grammar.lists().stream().sorted().map(k -> "'" + k + "'").toList()
                    + " attributes support comparison with a list of quoted string values.");
        }
        var values = new ArrayList<String>();
        while (at < tokens.size() && tokens.get(at).kind() == Token.Kind.QUOTED) {
            values.add(tokens.get(at++).value());
            boolean more = at < tokens.size() && tokens.get(at).text().equals(",");
            if (more) {
                at++;
            }
            if (at < tokens.size() && tokens.get(at).text().equals(")")) {
                at++;
                if (values.size() > MAX_LIST) {
                    throw new Problem.Invalid("A list of a filter can contain at most " + MAX_LIST + " values");
                }
                return new Literal.Texts(values);
            }
            if (!more) {
                break;
            }
        }
        throw new Problem.Invalid(
                "While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.");
    }

    private Problem.Invalid invalidRest() {
        int end = at;
        while (end < tokens.size()
                && end - at < 3
                && !(end > at && tokens.get(end).canBeIdentifier())) {
            end++;
        }
        String rest = tokens.subList(at, Math.max(end, at)).stream()
                .map(token -> "'" + Names.shortened(token.text()) + "'")
                .collect(Collectors.joining(", "));
        return new Problem.Invalid("Invalid clause(s) in filter string: " + (rest.isEmpty() ? "the end" : rest));
    }
}
