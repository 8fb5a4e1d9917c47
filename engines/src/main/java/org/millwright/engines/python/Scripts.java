package org.millwright.engines.python;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.millwright.kernel.Json;
import org.millwright.pipeline.steps.HelperScripts;

/** The helper scripts that this module carries. */
public final class Scripts implements HelperScripts {
    private static final List<String> NAMES = List.of(
            "mw_predict.py", "mw_export_onnx.py", "mw_export_trees.py", "mw_edges.py", "mw_handoff.py", "mw_worker.py");

    private final Map<String, byte[]> scripts = new LinkedHashMap<>();

    public Scripts() {
        for (String name : NAMES) {
            try (InputStream in = Scripts.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException("The jar lacks " + name);
                }
                scripts.put(name, in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void copyTo(Path folder) {
        try {
            for (var script : scripts.entrySet()) {
                Files.write(folder.resolve(script.getKey()), script.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String digest() {
        var texts = new LinkedHashMap<String, String>();
        scripts.forEach((name, bytes) -> texts.put(name, new String(bytes, StandardCharsets.UTF_8)));
        return Json.digest(texts);
    }
}
