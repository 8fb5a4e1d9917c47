/** Main, the composition root and the settings. */
@NullMarked
package org.millwright.app;

import org.jspecify.annotations.NullMarked;
