package org.millwright.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/** The maps that come with Millwright, and those of the organisation, which stand in for one of the same name. */
public final class FrameworkMaps {
    private static final List<String> OURS = List.of("eu-ai-act", "iso-42001", "nist-ai-rmf", "sr-11-7", "sr-26-2");
    private static final long MOST_BYTES = 1L << 20;
    private static final int MOST_FILES = 100;

    private final Path folder;

    /** @param folder with the organisation's own maps ({@code *.yaml}); it need not exist */
    public FrameworkMaps(Path folder) {
        this.folder = folder;
    }

    /** All maps by the framework's name, as the files say now. */
    public Map<String, FrameworkMap> all() {
        var maps = new TreeMap<String, FrameworkMap>();
        for (String name : OURS) {
            String file = name + ".yaml";
            maps.put(name, FrameworkMap.parse(file, PackagedText.read("frameworks/" + file)));
        }
        for (Path file : own()) {
            FrameworkMap map = FrameworkMap.parse(file.getFileName().toString(), text(file));
            maps.put(map.framework(), map);
        }
        return maps;
    }

    public FrameworkMap get(String framework) {
        Map<String, FrameworkMap> all = all();
        FrameworkMap map = all.get(framework);
        if (map == null) {
            throw new Problem.NotFound(
                    "No map of framework '" + framework + "'"
                            + Yaml.nearest(framework, all.keySet())
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse("")
                            + " (known: " + String.join(", ", all.keySet()) + ")",
                    "mw evidence list");
        }
        return map;
    }

    private List<Path> own() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> own = files.filter(file -> file.getFileName().toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
            if (own.size() > MOST_FILES) {
                throw new Problem.Invalid(
                        folder + " holds " + own.size() + " maps (expected: at most " + MOST_FILES + ")");
            }
            return own;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new Problem.Invalid(file + " is larger than " + MOST_BYTES + " bytes");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new Problem.Unavailable("Cannot read " + file + ": " + e.getMessage(), "Mend or remove the file.", e);
        }
    }
}
