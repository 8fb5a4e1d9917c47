package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;

/** Figures of insights in words. */
final class Told {
    private static final double DAY = 86_400_000.0;

    private Told() {}

    /** {@code 12.5 days}; shorter ones as other commands write them. */
    static String days(long millis) {
        return millis >= DAY
                ? String.format(Locale.ROOT, "%.1f days", millis / DAY)
                : Texts.duration(Duration.ofMillis(millis));
    }

    static String spread(JsonNode spread) {
        int n = spread.path("n").asInt();
        if (!spread.has("median")) {
            return n == 0 ? "none yet" : "of " + n + ": not enough for a median";
        }
        String p90 =
                spread.has("p90") ? ", 90 % within " + days(spread.path("p90").asLong()) : "";
        return "median " + days(spread.path("median").asLong()) + " of " + n + p90;
    }

    static String money(JsonNode amount, String currency) {
        return String.format(Locale.ROOT, "%.2f %s", amount.asDouble(), currency);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", share * 100);
    }

    static String words(JsonNode texts) {
        var words = new ArrayList<String>();
        texts.forEach(text -> words.add(text.asText()));
        return String.join(" ", words);
    }

    static String focus(JsonNode focus) {
        JsonNode criterion = focus.path("gap").path("criterion");
        return "focus: " + focus.path("dimension").asText() + " (level "
                + focus.path("level").asInt() + "): " + criterion.path("ask").asText() + " → "
                + criterion.path("next").asText() + " (docs/how-to/"
                + criterion.path("howTo").asText() + ")";
    }
}
