package org.millwright.web;

import java.util.Set;
import org.millwright.kernel.Problem;

/**
 * Where the server listens.
 *
 * @param port 0 picks a free one
 * @param auth whether every caller must show credentials
 * @param allowedHosts names beside localhost that requests may be addressed to
 */
public record WebSettings(String host, int port, boolean auth, Set<String> allowedHosts) {
    public WebSettings {
        allowedHosts = Set.copyOf(allowedHosts);
        if (port < 0 || port > 65_535) {
            throw new Problem.Invalid("port: " + port + " (expected: 0 to 65535)");
        }
    }
}
