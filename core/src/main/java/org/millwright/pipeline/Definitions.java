package org.millwright.pipeline;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The pipelines of kept sources, read once each. */
final class Definitions {
    private static final int MAX = 200;

    private final Sources sources;
    private final StepKinds kinds;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    Definitions(Sources sources, StepKinds kinds) {
        this.sources = sources;
        this.kinds = kinds;
    }

    /** A source with its files' digests and its pipelines. */
    record Known(Source source, Map<String, String> files, PipelineFile file) {}

    /** Does I/O the first time: not inside a transaction. */
    Known get(String sourceId) {
        Known found = known.get(sourceId);
        if (found != null) {
            return found;
        }
        Source source = sources.get(sourceId);
        Map<String, String> files = sources.files(source);
        String text = sources.text(source, PipelineFile.FILE);
        var file = PipelineFile.parse(
                text,
                kinds,
                files.keySet(),
                name -> files.containsKey(name) ? Optional.of(sources.text(source, name)) : Optional.empty());
        var read = new Known(source, files, file);
        if (known.size() > MAX) {
            known.clear();
        }
        known.put(sourceId, read);
        return read;
    }
}
