package org.millwright.engines.python;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.millwright.environment.BuildProgress;
import org.millwright.environment.BuildProgress.Phase;

/** What uv prints on standard error: its progress as phases, and its last lines for when it fails. */
final class UvOutput implements Consumer<String> {
    private static final int KEPT = 25;

    private final Consumer<BuildProgress> progress;
    private final ArrayDeque<String> last = new ArrayDeque<>();

    UvOutput(Consumer<BuildProgress> progress) {
        this.progress = progress;
    }

    @Override
    public void accept(String line) {
        String text = line.strip();
        if (text.isEmpty()) {
            return;
        }
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.add(line.stripTrailing());
        if (text.startsWith("Resolved ")) {
            progress.accept(new BuildProgress(Phase.RESOLVING, lower(text)));
        } else if (text.startsWith("Downloading ") || text.startsWith("Building ") || text.startsWith("Prepared ")) {
            progress.accept(new BuildProgress(Phase.DOWNLOADING, lower(text)));
        } else if (text.startsWith("Installed ")) {
            progress.accept(new BuildProgress(Phase.INSTALLING, lower(text)));
        }
    }

    String tail() {
        return String.join("\n", last);
    }

    private static String lower(String text) {
        return Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
