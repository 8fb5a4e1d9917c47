package org.millwright.intake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.outcome.AttributeStore;
import org.millwright.outcome.Label;
import org.millwright.outcome.PredictionStore;
import org.millwright.outcome.Segments;
import org.millwright.scoring.profile.SegmentRows;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

/**
 * Columns that split rows although the model does not know them, such as a protected attribute: they come with outcomes. Of
 * what is sent only the columns are kept that the agreement names; they go when the predictions go.
 */
public final class Attributes {
    /** Of one outcome. */
    static final int MOST = Segments.MOST_COLUMNS;

    private static final int LONGEST_NAME = 256;

    private final AttributeStore store;
    private final PredictionStore predictions;
    private final WindowStore windows;

    public Attributes(Database database) {
        this.store = new AttributeStore(database);
        this.predictions = new PredictionStore(database);
        this.windows = new WindowStore(database);
    }

    /** Refuses what cannot be kept. */
    public static Map<String, String> checked(Map<String, String> sent) {
        if (sent.size() > MOST) {
            throw new Problem.Invalid(sent.size() + " attributes (expected: at most " + MOST + ")");
        }
        sent.forEach((name, value) -> {
            if (name.isEmpty() || name.length() > LONGEST_NAME || !Json.isText(name)) {
                throw new Problem.Invalid("the name of an attribute has " + name.length()
                        + " characters (expected: the name of a column)");
            }
            if (!Json.isText(value)) {
                throw new Problem.Invalid("attribute '" + name + "' has a NUL or half a character (expected: a text)");
            }
        });
        return sent;
    }

    /**
     * Keeps what was sent, within a transaction: of a column that was sent before the newer value. Windows whose predictions
     * are told apart anew are marked as changed.
     *
     * @param columns that are kept
     */
    public void keep(Watched watched, Collection<Label> labels, Set<String> columns, long now) {
        Map<String, Map<String, String>> sent = new LinkedHashMap<>();
        for (Label label : labels) {
            label.attributes().forEach((name, value) -> {
                if (columns.contains(name)) {
                    sent.computeIfAbsent(label.id(), id -> new LinkedHashMap<>())
                            .put(name, value);
                }
            });
        }
        if (sent.isEmpty()) {
            return;
        }
        String deployment = watched.deployment();
        Map<String, String> known = store.known(deployment, sent.keySet());
        Map<String, String> changed = new LinkedHashMap<>();
        sent.forEach((id, values) -> {
            String before = known.getOrDefault(id, "{}");
            ObjectNode json = (ObjectNode) Json.parse(before);
            values.forEach((name, value) -> json.put(name, SegmentRows.text(value)));
            String after = Json.write(json);
            if (!after.equals(before)) {
                changed.put(id, after);
            }
        });
        if (!changed.isEmpty()) {
            store.save(deployment, changed, now);
            touch(deployment, changed.keySet());
        }
    }

    private void touch(String deployment, Set<String> ids) {
        List<WindowState> all = windows.windows(deployment);
        List<PredictionStore.Found> found = predictions.found(deployment, ids);
        for (WindowState state : all) {
            if (found.stream().anyMatch(prediction -> state.has(prediction.version(), prediction.time()))) {
                windows.addLabels(deployment, state.version(), state.window(), 0);
            }
        }
    }
}
