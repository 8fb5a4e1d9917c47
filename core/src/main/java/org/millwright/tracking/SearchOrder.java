package org.millwright.tracking;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Clause.Entity;

/** One key that results are ordered by. */
public record SearchOrder(Entity entity, String key, boolean ascending) {
    private static final int MAX = 20;

    /** Reads items such as {@code metrics.rmse DESC}; the same key twice is refused. */
    public static List<SearchOrder> parse(List<String> items, SearchGrammar grammar) {
        var orders = new ArrayList<SearchOrder>();
        var seen = new HashSet<String>();
        if (items.size() > MAX) {
            throw new Problem.Invalid("`order_by` has " + items.size() + " fields (expected: at most " + MAX + ")");
        }
        for (String item : items) {
            SearchOrder order = parse(item, grammar);
            if (!seen.add(order.entity + "." + order.key)) {
                throw new Problem.Invalid("`order_by` contains duplicate fields: " + items);
            }
            orders.add(order);
        }
        return orders;
    }

    private static SearchOrder parse(String item, SearchGrammar grammar) {
        Names.requireText("order_by", item);
        String text = item.strip();
        int space = text.lastIndexOf(' ');
        String last = text.substring(space + 1).toLowerCase(Locale.ROOT);
        boolean directed = space > 0 && (last.equals("asc") || last.equals("desc"));
        String name = directed ? text.substring(0, space).strip() : text;
        if (name.isEmpty() || name.chars().anyMatch(c -> c == ',' || c == ';' || c == '(')) {
            throw new Problem.Invalid("Invalid order_by clause '" + Names.shortened(item) + "'. Could not be parsed.");
        }
        if (!directed
                && !grammar.aliases().containsKey(name)
                && Token.split(name).size() > 1) {
            throw new Problem.Invalid("Invalid ordering key in order_by clause '" + Names.shortened(item) + "'.");
        }
        var ident = grammar.ident(name, grammar.orders());
        if (ident.entity() == Entity.DATASET) {
            throw new Problem.Invalid("Invalid order_by entity: dataset");
        }
        return new SearchOrder(ident.entity(), ident.key(), !directed || last.equals("asc"));
    }
}
