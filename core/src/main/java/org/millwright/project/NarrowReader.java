package org.millwright.project;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.millwright.kernel.Yaml;
import org.millwright.scoring.Constraints;
import org.millwright.scoring.InvalidInput;

/** Reads what a project declares its model's input columns to take. */
final class NarrowReader {
    private NarrowReader() {}

    static Map<String, Constraints> columns(Yaml.Value map) {
        var columns = new TreeMap<String, Constraints>();
        map.fields().forEach((column, entry) -> columns.put(column, constraints(entry)));
        return columns;
    }

    private static Constraints constraints(Yaml.Value entry) {
        entry.only("not-null", "finite", "float32", "min", "max", "not-empty", "max-length", "values");
        try {
            return new Constraints(
                    entry.flag("not-null", false),
                    entry.flag("finite", false),
                    entry.flag("float32", false),
                    entry.number("min", Double.NEGATIVE_INFINITY),
                    entry.number("max", Double.POSITIVE_INFINITY),
                    entry.flag("not-empty", false),
                    entry.integer("max-length", Integer.MAX_VALUE),
                    new TreeSet<>(entry.texts("values")));
        } catch (InvalidInput e) {
            entry.error(String.valueOf(e.getMessage()));
            return Constraints.NONE;
        }
    }
}
