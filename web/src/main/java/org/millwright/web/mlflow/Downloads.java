package org.millwright.web.mlflow;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.millwright.tracking.ArtifactFile;
import org.millwright.tracking.ArtifactTree;

/** Sends a file so that no browser runs it: as an attachment, never sniffed, sandboxed. */
final class Downloads {
    private static final HeaderName NOSNIFF = HeaderNames.create("X-Content-Type-Options");
    private static final HeaderName CSP = HeaderNames.create("Content-Security-Policy");
    private static final Set<String> TEXT = Set.of(
            "txt",
            "log",
            "err",
            "cfg",
            "conf",
            "cnf",
            "cf",
            "ini",
            "properties",
            "prop",
            "hocon",
            "toml",
            "yaml",
            "yml",
            "xml",
            "json",
            "js",
            "py",
            "py3",
            "csv",
            "tsv",
            "md",
            "rst",
            "jsonnet",
            "sql",
            "html",
            "htm",
            "svg",
            "mlmodel",
            "mlproject");
    private static final Map<String, String> TYPES = Map.of(
            "png", "image/png",
            "jpg", "image/jpeg",
            "jpeg", "image/jpeg",
            "gif", "image/gif",
            "webp", "image/webp",
            "pdf", "application/pdf",
            "zip", "application/zip",
            "gz", "application/gzip");

    private Downloads() {}

    static void send(ServerResponse response, ArtifactTree tree, ArtifactFile file) {
        response.status(Status.OK_200);
        response.header(HeaderNames.CONTENT_TYPE, type(file.name()));
        response.header(HeaderNames.CONTENT_DISPOSITION, disposition(file.name()));
        response.header(HeaderNames.CONTENT_LENGTH, Long.toString(file.size()));
        response.header(NOSNIFF, "nosniff");
        response.header(CSP, "sandbox; default-src 'none'");
        try (InputStream in = tree.open(file);
                OutputStream out = response.outputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String type(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TEXT.contains(ending)
                ? "text/plain; charset=utf-8"
                : TYPES.getOrDefault(ending, "application/octet-stream");
    }

    static String disposition(String name) {
        boolean plain = name.chars().allMatch(c -> c > 0x20 && c < 0x7f && "\"\\;,()<>@:/[]?={}'%*".indexOf(c) < 0);
        return plain
                ? "attachment; filename=" + name
                : "attachment; filename*=UTF-8''"
                        + URLEncoder.encode(name, StandardCharsets.UTF_8)
                                .replace("+", "%20")
                                .replace("*", "%2A");
    }
}
