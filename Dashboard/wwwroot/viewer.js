// What only the browser knows: its time zone, the chosen colours, and whether it still hears the server.
(function () {
    'use strict';
    const root = document.documentElement;

    function zone() {
        try {
            return Intl.DateTimeFormat().resolvedOptions().timeZone || null;
        } catch {
            return null;
        }
    }

    function theme() {
        try {
            return localStorage.getItem('theme') || 'system';
        } catch {
            return 'system';
        }
    }

    function applyTheme(name) {
        if (name === 'light' || name === 'dark') {
            root.dataset.theme = name;
        } else {
            delete root.dataset.theme;
        }
    }

    // Before the first paint, so that the page does not flash in the wrong colours.
    applyTheme(theme());
    const name = zone();
    if (name) {
        document.cookie = 'tz=' + encodeURIComponent(name) + '; path=/; max-age=31536000; samesite=lax';
    }

    window.streaming = {
        timeZone: zone,
        theme: theme,
        setTheme: function (name) {
            try {
                localStorage.setItem('theme', name);
            } catch {
                // Storage may be forbidden: the choice then lasts as long as the page.
            }
            applyTheme(name);
        },
    };

    // The circuit's state, as Blazor marks it on the reconnect dialog, for the badge.
    document.addEventListener('DOMContentLoaded', function () {
        const dialog = document.getElementById('components-reconnect-modal');
        if (!dialog) {
            return;
        }

        let since = 0;
        let timer = 0;

        function lost() {
            const over = /components-reconnect-(failed|rejected)/.test(dialog.className);
            const trying = /components-reconnect-(show|retrying|paused)/.test(dialog.className);
            return over ? 'over' : trying ? 'trying' : '';
        }

        function tell() {
            const state = lost();
            const seconds = Math.round((Date.now() - since) / 1000);
            const text = state === 'over' ? 'Disconnected' : 'Reconnecting · stale since ' + seconds + ' s';
            document.querySelectorAll('[data-circuit-text]').forEach(function (e) {
                e.textContent = state ? text : '';
            });
        }

        // A server that was started anew does not know this page, and one that was away for long is not waited for: the address carries the page's whole
        // state, so it is loaded again as soon as the server answers. The framework tries first, but ever more seldom, and an attempt may hang: it has as long as
        // a few answers in a row take.
        const pause = 2000;
        const longest = 10000;
        const patience = 5;
        let asking = false;
        async function comeBack() {
            if (asking) {
                return;
            }

            asking = true;
            let inRow = 0;
            while (lost()) {
                inRow = await answers() ? inRow + 1 : 0;
                if (inRow > 0 && (lost() === 'over' || (lost() && inRow >= patience))) {
                    location.reload();
                    return;
                }

                await new Promise(function (done) { setTimeout(done, pause); });
            }

            asking = false;
        }

        async function answers() {
            try {
                return (await fetch('alive', { cache: 'no-store', signal: AbortSignal.timeout(longest) })).ok;
            } catch {
                return false; // Not there yet.
            }
        }

        new MutationObserver(function () {
            const state = lost();
            root.dataset.circuit = state || 'up';
            if (state) {
                comeBack();
            }
            if (state && !timer) {
                since = Date.now();
                timer = setInterval(tell, 1000);
            } else if (!state && timer) {
                clearInterval(timer);
                timer = 0;
            }
            tell();
        }).observe(dialog, { attributes: true, attributeFilter: ['class'] });

        dialog.addEventListener('click', function (e) {
            if (e.target.closest('[data-reload]')) {
                location.reload();
            }
        });
    });
})();
