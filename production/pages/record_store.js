// Takes are kept in IndexedDB, so that a closed page loses nothing. A browser that gives a page
// no storage (a page opened from another app's content:// address has none) keeps them in memory
// only; `lasting` says which, and the page tells it.

const DATABASE = "altavoz-takes";
const SHELF = "takes";

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    // Asking for window.indexedDB itself throws where the page has no origin of its own.
    const request = window.indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(SHELF);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

// Give where the takes of one kit are kept: by stem, {stem, ending, type, seconds, bytes}.
async function openStore(kit) {
  const takes = new Map();
  let database = null;
  const range = IDBKeyRange.bound(`${kit}|`, `${kit}|\uffff`);
  const shelf = (mode) => database.transaction(SHELF, mode).objectStore(SHELF);
  try {
    database = await openDatabase();
    for (const take of await asked(shelf("readonly").getAll(range))) takes.set(take.stem, take);
  } catch (error) {
    database = null;
  }
  const store = {
    takes,
    lasting: database !== null,
    // The page shows a take even where the disk is full: it can still be handed over, as long as
    // the page stays open.
    async put(take) {
      takes.set(take.stem, take);
      if (!database) return;
      try {
        await asked(shelf("readwrite").put(take, `${kit}|${take.stem}`));
      } catch (error) {
        store.lasting = false;
        throw error;
      }
    },
    async remove(stem) {
      takes.delete(stem);
      if (database) await asked(shelf("readwrite").delete(`${kit}|${stem}`));
    },
    async clear() {
      takes.clear();
      if (database) await asked(shelf("readwrite").delete(range));
    },
  };
  return store;
}
