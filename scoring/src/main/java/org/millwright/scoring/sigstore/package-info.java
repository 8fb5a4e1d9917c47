/** What Sigstore's services said of a signature, verified offline: log entries, short-lived certificates, bundles v0.3. */
@NullMarked
package org.millwright.scoring.sigstore;

import org.jspecify.annotations.NullMarked;
